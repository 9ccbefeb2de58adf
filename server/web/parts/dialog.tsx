// A modal question. Mantine's dialog without its scroll lock, which would inject a style element; ours is in styles/base.css.
import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'

interface DialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly wide?: boolean
  readonly children: ReactNode
}

export function Dialog({ opened, onClose, title, wide = false, children }: DialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={wide ? 'lg' : 'md'}
      centered
      lockScroll={false}
      data-scroll-lock={opened || undefined}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Modal>
  )
}
